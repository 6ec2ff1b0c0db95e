r"""The subcommands of ``qingchuan``, a module each, imported only when its command is run.

A module has one function ``command``. Its parameters are the command's (typer reads their annotations), its docstring
is the help: it begins with a sentence that says what the command does and ends with an example after a line ``\b``. The
first parameter is ``ctx: typer.Context``; ``context_of(ctx)`` (`qingchuan.service.context`) has the settings::

    def command(ctx: typer.Context, *, insecure: bool = False) -> None:
        settings = context_of(ctx).load({"api.insecure": insecure or None})

A module with several commands has a mapping ``commands`` of them, by name; its ``command`` is then what they have in
common, with the help of them all.

What makes a command known is its line in the table ``COMMANDS`` of `qingchuan.service.main`.
"""
