/** A MAC address as records and hosts have it: in small letters, with colons. */
export const MAC = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/
