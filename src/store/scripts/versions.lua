-- The versions of records: each is another text when anything of its record is another. Changes nothing.
-- KEYS[1]  site root hash
-- ARGV     kind, records {id}
-- Result   the versions, in the order asked, a line each; '' for one that is not there
--- @include "arguments"
--- @include "keys"
local kind = take()
local versions = {}
for i = 1, takeNumber() do
  local at = redis.call('HMGET', recordKey(kind, take()), 'rev', 'era', 'number', 'wakes', 'created')
  versions[i] = at[1] and at[1] .. ' ' .. at[2] .. ' ' .. at[3] .. ' ' .. at[4] .. ' ' .. (at[5] or '') or ''
end
return table.concat(versions, '\n')
