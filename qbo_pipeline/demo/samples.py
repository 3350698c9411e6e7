"""The sample companies, by the name of their connection."""

# Each connection's name and the emulator's sample company behind it.
SAMPLES = {"landscaping": "landscaping", "consultancy": "consultancy", "generated": "generated:300"}
# The business entities of the sample operational system whose books they are.
BUSINESS_ENTITIES = {
    "landscaping": "be-landscaping",
    "consultancy": "be-consultancy",
    "generated": "be-harborlight",
}
