"""The reliability diagram as SVG: how often the candidates of each probability were right."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from namesake.evaluate import Bin, calibration_error

_SIDE, _LEFT, _TOP = 360, 64, 40


def reliability_diagram(bins: Sequence[Bin], title: str) -> str:
    """Bars of the share that was right over the probability given, against the diagonal of perfect honesty.

    Readable without colour; the number of candidates stands above each bar.
    """
    x = [_LEFT + one.low * _SIDE for one in bins]
    width = _SIDE / max(len(bins), 1)
    bottom = _TOP + _SIDE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _SIDE + 24} {bottom + 56}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="#1f2a30"><title>{escape(title)}</title>',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{_LEFT}" y="18" font-size="13">{escape(title)}</text>',
    ]
    for tick in range(0, 11, 2):
        across, up = _LEFT + tick / 10 * _SIDE, bottom - tick / 10 * _SIDE
        parts.append(f'<path d="M{_LEFT} {up:.1f}H{_LEFT + _SIDE}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{up + 4:.1f}" text-anchor="end">{tick * 10} %</text>')
        parts.append(f'<text x="{across:.1f}" y="{bottom + 16}" text-anchor="middle">{tick * 10} %</text>')
    for left, one in zip(x, bins, strict=True):
        if not one.count:
            continue
        height = one.share_right * _SIDE
        parts.append(
            f'<rect x="{left + 1:.1f}" y="{bottom - height:.1f}" width="{width - 2:.1f}" height="{height:.1f}" '
            f'fill="#0f5f66" fill-opacity=".55"><title>given {one.mean_probability:.3f}, right {one.share_right:.3f}, '
            f"n {one.count}</title></rect>"
        )
        mean = _LEFT + one.mean_probability * _SIDE
        parts.append(f'<circle cx="{mean:.1f}" cy="{bottom - height:.1f}" r="2.5"/>')
        above = min(bottom - height - 6, bottom - 6)
        parts.append(
            f'<text x="{left + width / 2:.1f}" y="{above:.1f}" text-anchor="middle" font-size="8">{one.count}</text>'
        )
    parts.append(
        f'<path d="M{_LEFT} {bottom}L{_LEFT + _SIDE} {_TOP}" stroke="#1f2a30" stroke-dasharray="4 3" fill="none"/>'
    )
    parts.append(f'<path d="M{_LEFT} {_TOP}V{bottom}H{_LEFT + _SIDE}" stroke="#1f2a30" fill="none"/>')
    parts.append(
        f'<text x="{_LEFT + _SIDE / 2}" y="{bottom + 32}" text-anchor="middle">'
        "probability given to the first candidate</text>"
    )
    parts.append(
        f'<text x="16" y="{_TOP + _SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 16 {_TOP + _SIDE / 2})">share that was right</text>'
    )
    parts.append(
        f'<text x="{_LEFT}" y="{bottom + 48}">Calibration error (15 bins): {calibration_error(bins):.4f}; '
        "numbers above the bars: candidates</text></svg>"
    )
    return "\n".join(parts) + "\n"
