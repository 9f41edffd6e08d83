"""One text by SMPP: bound as a transmitter for the length of one text, answered before it counts as carried."""

import logging

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm

from homeward.channels.carrying import Later, LineDown, Unclear, WrongAddress

_PATIENCE = 20.0
# It would complain of every line closed without an unbind, and at its lowest level print texts and numbers.
logging.getLogger("smpplib").setLevel(logging.ERROR)
_TOO_MUCH = {smpplib.consts.SMPP_ESME_RTHROTTLED, smpplib.consts.SMPP_ESME_RMSGQFUL}
_NOBODY = {
    smpplib.consts.SMPP_ESME_RINVDSTADR,
    smpplib.consts.SMPP_ESME_RINVDSTTON,
    smpplib.consts.SMPP_ESME_RINVDSTNPI,
}


class SmppCarrier:
    """Speaks to one message centre."""

    def __init__(self, host: str, port: int, *, user: str, password: str, sender: str) -> None:
        self.host, self.port, self.user, self.password, self.sender = host, port, user, password, sender

    def carry(self, address: str, text: str, *, reference: str) -> str:
        """See `Carrier`. The centre's number of the (last part of the) text comes back."""
        parts, coding, kind = smpplib.gsm.make_parts(text)
        number, handed_over = "", False
        client = smpplib.client.Client(
            self.host, self.port, timeout=_PATIENCE, logger_name="smpplib", allow_unknown_opt_params=True
        )
        try:
            client.connect()
            client.bind_transmitter(system_id=self.user, password=self.password)
            for part in parts:
                handed_over = True
                sent = client.send_message(
                    source_addr_ton=smpplib.consts.SMPP_TON_ALNUM,
                    source_addr=self.sender,
                    dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                    dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                    destination_addr=address.lstrip("+"),
                    short_message=part,
                    data_coding=coding,
                    esm_class=kind,
                    registered_delivery=False,
                )
                number = self._answer(client, sent.sequence, is_first=not number)
            return number
        except smpplib.exceptions.PDUError as refusal:
            # Only the bind raises it here: nothing was handed over.
            raise LineDown(f"smpp_{refusal.args[1] if len(refusal.args) > 1 else 'bind'}") from None
        except (OSError, smpplib.exceptions.ConnectionError) as fault:
            if handed_over:
                raise Unclear(type(fault).__name__) from None
            raise LineDown(type(fault).__name__) from None
        finally:
            # Without the courtesy of an unbind: it could fail, and would be taken for the text's failure.
            client.disconnect()

    @staticmethod
    def _answer(client: smpplib.client.Client, sequence: int, *, is_first: bool) -> str:
        while True:
            try:
                answer = client.read_pdu()
            except TimeoutError:
                raise Unclear("no_answer") from None
            if answer.sequence != sequence:
                continue  # the centre's own questions: the line is closed in a moment anyway
            status = int(answer.status)
            if status == smpplib.consts.SMPP_ESME_ROK:
                message_id = answer.message_id
                return (message_id.decode("ascii", "replace") if isinstance(message_id, bytes) else str(message_id))[
                    :80
                ]
            if not is_first:
                raise Unclear(f"smpp_{status}")  # a part of a long text is on its way already
            if status in _NOBODY:
                raise WrongAddress(f"smpp_{status}")
            # Throttled or full: the same holds for every text.
            raise LineDown(f"smpp_{status}") if status in _TOO_MUCH else Later(f"smpp_{status}")
