-- Says that the n-th use of something happens now; each happens once, whichever gateway asks.
-- KEYS[1]  site root hash
-- ARGV     what, n, how long that is known, ms
-- Result   1; 0 when it happened before
--- @include "arguments"
--- @include "keys"
local what, n, ttl = take(), takeNumber(), takeNumber()
local before = redis.call('SETBIT', usesKey(what), n, 1)
redis.call('PEXPIRE', usesKey(what), ttl)
return 1 - before
