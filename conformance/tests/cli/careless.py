"""The example terminal, believing whatever certificate it is shown."""

import pathlib
import ssl
import sys

example = pathlib.Path(__file__).resolve().parents[3] / "examples" / "terminals" / "python"
sys.path.insert(0, str(example))


def believes(**_):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


ssl.create_default_context = believes

import terminal  # noqa: E402  the example, with its belief

terminal.main()
