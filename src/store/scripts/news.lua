-- What a mirror lacks: the revisions of scopes and, where it is behind in one of them, the events after the last one that it
-- applied, with the records they name as they are now. Changes nothing.
-- KEYS[1]  site root hash
-- ARGV     last event applied (stream id), most events, most records, scopes {scope, revision that the mirror has}
-- Result   {revisions}, and where it is behind and no more records are named than that: {revisions, events, records {kind, id, field...}}
--- @include "arguments"
--- @include "keys"
--- @include "record"
-- Lua hands a function some thousands of values at once, not more.
local AT_ONCE = 1000

local after, mostEvents, mostRecords = take(), take(), takeNumber()
local scopes = takeList({ 'name', 'has' })

local revisions, behind = {}, false
for from = 1, #scopes, AT_ONCE do
  local names = {}
  for i = from, math.min(from + AT_ONCE - 1, #scopes) do names[#names + 1] = scopes[i].name end
  for i, revision in ipairs(redis.call('HMGET', REVISIONS, unpack(names))) do
    revisions[from + i - 1] = revision
    if tonumber(revision or 0) > tonumber(scopes[from + i - 1].has) then behind = true end
  end
end
if not behind then return { revisions } end

local events = redis.call('XRANGE', EVENTS, '(' .. after, '+', 'COUNT', mostEvents)
local records, seen = {}, {}
for _, event in ipairs(events) do
  local fields = event[2]
  for i = 1, #fields, 2 do
    if fields[i] == 'refs' then
      for kind, id in string.gmatch(fields[i + 1], '(%S+) (%S+) %S+ %S+') do
        local key = recordKey(kind, id)
        if not seen[key] then
          seen[key] = true
          if #records == mostRecords then return { revisions } end
          records[#records + 1] = { kind, id, unpack(redis.call('HMGET', key, unpack(RECORD_FIELDS))) }
        end
      end
    end
  end
end
return { revisions, events, records }
