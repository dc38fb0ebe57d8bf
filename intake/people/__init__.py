"""People and groups as they come in: lists read and compared, forms of their pages, stand-ins."""
