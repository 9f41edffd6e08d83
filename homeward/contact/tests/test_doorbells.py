"""What the time and the length of a message give away; `./dev bench messages doorbells` asks 10,000."""

from bench.messages import _bits, simulated_doorbells


def test_neither_time_nor_length_nor_pause_tells_whether_there_is_news() -> None:
    seen = simulated_doorbells(4000)

    assert 0.02 < sum(news for _what, news in seen) / len(seen) < 0.5  # there is something that could be told
    for name in seen[0][0]:
        assert _bits([(what[name], news) for what, news in seen]) < 0.05, name


def test_the_measure_would_notice() -> None:
    telling = [(minute, minute > 30) for minute in range(60)] * 20

    assert _bits(telling) > 0.9
