"""How the program looks: one palette file, one scale, shipped fonts, tinted icons, one generated style sheet."""
