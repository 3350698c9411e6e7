"""The gateway: a small web service for what comes from outside, and for people without a terminal.

Intuit -> webhooks -> inbox -> the pipeline          browser -> connect, look, act          programs -> trigger

It opens the state store, the webhook inbox and the published copy; never the warehouse.
"""
