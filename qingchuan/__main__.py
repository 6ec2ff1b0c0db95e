"""``python -m qingchuan`` is ``qingchuan``."""

from qingchuan.service.main import main

if __name__ == "__main__":
    main()
