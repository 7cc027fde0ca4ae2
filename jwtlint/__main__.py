"""`python -m jwtlint`"""

from jwtlint.cli import main

main()
