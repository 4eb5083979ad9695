"""Every service that tests start, each on a free port, until Ctrl-C: `python -m tools.services`."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack

from tools.services.kafka import PrivateKafka, fetch
from tools.services.postgres import PrivatePostgres, binaries


def main() -> None:
    """Gets what can be got, starts what is there, says where, and ends all of it together."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    fetch()
    try:
        with ExitStack() as stack:
            if binaries() is None:
                print("PostgreSQL is not installed (Debian: apt-get install postgresql)", file=sys.stderr)
            else:
                print(f"PostgreSQL  {stack.enter_context(PrivatePostgres()).url()}", flush=True)
            print(f"Kafka       {stack.enter_context(PrivateKafka()).address}", flush=True)
            print("Ctrl-C ends them.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
