"""The pages: Jinja2 templates, own style and a little script; everything works without script."""
