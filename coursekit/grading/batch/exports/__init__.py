"""What is made from the gradebook: pages, tables, and files that platforms take."""
