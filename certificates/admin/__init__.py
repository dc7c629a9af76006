"""Certificates that were issued, feedback, and who would like to help make courses."""

from certificates.admin import developer_offers, feedback, issued

__all__ = ["developer_offers", "feedback", "issued"]
