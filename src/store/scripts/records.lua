-- Records as they are. Changes nothing. Each is one text: thousands are read at once, and each value of a reply costs its reader as
-- much as a hundred bytes of it do.
-- KEYS[1]  site root hash
-- ARGV     kind, ids, a length and then its items
-- Result   {text...}, in the order asked: the record's fields, a line each (JSON has no line breaks); '' for one that is not there
--- @include "arguments"
--- @include "keys"
--- @include "record"
local kind = take()
local found = {}
for i = 1, takeNumber() do
  local values = redis.call('HMGET', recordKey(kind, take()), unpack(RECORD_FIELDS))
  local isThere = values[2]
  for at = 1, #RECORD_FIELDS do values[at] = values[at] or '' end
  found[i] = isThere and table.concat(values, '\n') or ''
end
return found
