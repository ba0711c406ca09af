-- Puts existing records on the agenda at once.
-- KEYS[1]  site root hash
-- ARGV     now, refs {kind, id}
-- Result   1
--- @include "arguments"
--- @include "wake"
local now = take()
for _, ref in ipairs(takeList({ 'kind', 'id' })) do wake(ref.kind, ref.id, now) end
return 1
