-- Writes the places that one placement job chose and what they claim on their hosts. Refused as a whole when a newer
-- placement claim exists, a host changed since it was read, or the part of the plan that it stands on was not written; a machine
-- that moved is left out and stays waiting, and so are all of a group that another machine came into since it was read, all that
-- are to be placed together with it, and, where placings stand on each other, all after it.
-- KEYS[1]  site root hash
-- ARGV     era and number of the placement claim, now, after (name of the part before this one, '': none),
--          part (its own name, '': others do not stand on it), chained ('1': each placing stands on those before it),
--          hosts {host, revision},
--          placings {in one text, a space between: kind, id, era, number, rev, raisePhase, host ('': stays waiting), group ('': none), waits,
--          ends what it was counted as?; place; claim}, groups {group, revision, whole ('1': all of its placings or none)},
--          together {id of a placing, name}: all of one name or none,
--          promises {of (id of the placing that they go with, '': none), host, key, claim ('': it goes)}, month
-- Result   {'superseded'} | {'moved', host ('': the part before)}
--          | {'done', chained: id of the first that was left out ('': none), ids of the machines that got a place, a space between}
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
--- @include "used"
-- So many arguments of one command: Lua's stack has room for some thousands.
local MOST = 1000
local era, number, now, after, part, chained = take(), take(), take(), take(), take(), takeFlag()
local hosts = takeList({ 'host', 'revision' })
-- Thousands of placings: what is short of one is one argument, and each is read where it stands, without a table of its own.
local WIDTH, count = 3, takeNumber()
local SHORT = '^' .. string.rep('(%S*) ', 9) .. '(%S*)$'
local start = position
position = position + WIDTH * count
local function placingAt(i) return string.match(ARGV[start + WIDTH * (i - 1) + 1], SHORT) end
local function textsAt(i) return ARGV[start + WIDTH * (i - 1) + 2], ARGV[start + WIDTH * i] end
local groups = takeList({ 'group', 'revision', 'whole' })
local together = takeList({ 'id', 'name' })
local promises = takeList({ 'of', 'host', 'key', 'claim' })
local month = take()
local SITE = recordKey('placement', 'site')

if not heldBy(SITE, era, number) then return { 'superseded' } end
if after ~= '' and redis.call('HGET', SITE, 'part') ~= after then return { 'moved', '' } end
for from = 1, #hosts, MOST do
  local names = {}
  for i = from, math.min(from + MOST - 1, #hosts) do names[#names + 1] = hosts[i].host end
  local revisions = redis.call('HMGET', CLAIM_REVISIONS, unpack(names))
  for i, host in ipairs(names) do
    if (revisions[i] or '0') ~= hosts[from + i - 1].revision then return { 'moved', host } end
  end
end
local function isAsRead(kind, id, era, number, rev)
  local key = recordKey(kind, id)
  return heldBy(key, era, number) and redis.call('HGET', key, 'rev') == rev
end
local whole, out, with, apart = {}, {}, {}, {}
for _, t in ipairs(together) do with[t.id] = t.name end
for _, g in ipairs(groups) do
  if g.whole == '1' then whole[g.group] = true end
  if groupRevision(g.group) ~= g.revision then out[g.group] = true end
end
if next(whole) or next(with) then
  for i = 1, count do
    local kind, id, pEra, pNumber, rev, _, _, group = placingAt(i)
    local name = with[id]
    local asksWhole, asksTogether = whole[group] and not out[group], name and not apart[name]
    if (asksWhole or asksTogether) and not isAsRead(kind, id, pEra, pNumber, rev) then
      if asksWhole then out[group] = true end
      if asksTogether then apart[name] = true end
    end
  end
end
local taken, joined, done = {}, {}, { [''] = true }
local placed, due, waits, stopped = {}, {}, {}, ''
for i = 1, count do
  local kind, id, pEra, pNumber, pRev, raisePhase, host, group, comesToWait, ends = placingAt(i)
  local place, claim = textsAt(i)
  local key = recordKey(kind, id)
  local isIn = stopped == '' and not out[group] and not apart[with[id] or '']
  local at = isIn and redis.call('HMGET', key, 'era', 'number', 'rev', 'phase', 'wakes', 'project')
  -- One look and one write each: a thousand of them hold up everybody else.
  if at and at[3] == pRev and tonumber(at[1]) == tonumber(pEra) and tonumber(at[2]) == tonumber(pNumber) then
    done[id] = true
    if ends == '1' then endUse(id, now, month) end
    local rev, phase, wakes = tonumber(at[3]) + 1, tonumber(at[4]), tonumber(at[5])
    if raisePhase == '1' then phase = phase + 1 end
    if host ~= '' then wakes = wakes + 1 end
    redis.call('HSET', key, 'place', place, 'rev', rev, 'phase', phase, 'wakes', wakes)
    touch(kind, id, at[6], rev)
    if host ~= '' then
      redis.call('HSET', claimsKey(host), id, claim)
      taken[host] = true
      if group ~= '' then joined[group] = true end
      placed[#placed + 1] = id
      due[#due + 1] = now
      due[#due + 1] = kind .. ':' .. id
    end
    if comesToWait == '1' then waits[#waits + 1] = id end
  elseif chained and stopped == '' then
    stopped = id
  end
end
for from = 1, #placed, MOST do
  redis.call('ZREM', WAITING, unpack(placed, from, math.min(from + MOST - 1, #placed)))
  redis.call('ZADD', AGENDA, 'LT', unpack(due, 2 * from - 1, math.min(2 * (from + MOST - 1), #due)))
end
local result = { 'done', stopped, table.concat(placed, ' ') }
for _, id in ipairs(waits) do waitForPlace(id) end
for _, p in ipairs(promises) do
  if done[p.of] then
    if p.claim == '' then
      redis.call('HDEL', claimsKey(p.host), p.key)
    else
      redis.call('HSET', claimsKey(p.host), p.key, p.claim)
    end
    taken[p.host] = true
  end
end
-- What stands on this part counts on the next revision of each of its hosts, whoever was left out.
local raised = {}
for _, h in ipairs(hosts) do
  if part ~= '' or taken[h.host] then
    raised[#raised + 1] = h.host
    raised[#raised + 1] = string.format('%.0f', tonumber(h.revision) + 1)
  end
end
for from = 1, #raised, 2 * MOST do
  redis.call('HSET', CLAIM_REVISIONS, unpack(raised, from, math.min(from + 2 * MOST - 1, #raised)))
end
if part ~= '' then redis.call('HSET', SITE, 'part', part) end
for _, g in ipairs(groups) do
  if joined[g.group] then raiseGroup(g.group) end
end
emitOwn(now, 'place')
return result
