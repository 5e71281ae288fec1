"""The Flosum assistant for Slack. Start with: python app.py demo"""

from __future__ import annotations

import sys

from bot.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
