"""What the second wall costs a page in a test: a savepoint, who looks, who looked before, release.

Outside of tests it is one statement between BEGIN and COMMIT.
"""

WALL = 4
