"""Who does what for a group and until when: appointing, handing over, the pack for a successor."""
