"""Corrections of single mentions by the words around them: strings of a prepared piano are no players."""
