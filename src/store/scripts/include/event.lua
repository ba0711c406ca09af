-- What a script changed: touch() each record, then emit() once. Raises the revision of each scope and writes one event
-- with the site's next number; a change that no front can show is not touched.
--- @include "keys"
local HISTORY_LENGTH = 64
local HISTORY_AFTER_END_SECONDS = 86400
-- Authentication looks at these whatever the project, and images and snapshots are shared between projects: their
-- changes are everybody's.
local SHARED = { project = true, user = true, key = true, image = true, snapshot = true }
local touched, scopes, scopeSeen = {}, {}, {}

local function scope(name)
  if not scopeSeen[name] then
    scopeSeen[name] = true
    scopes[#scopes + 1] = name
  end
end

local function touch(kind, id, project, rev, gone)
  touched[#touched + 1] = { kind = kind, id = id, rev = rev, gone = gone }
  scope(project == '' and '*' or project)
  if SHARED[kind] then scope('*') end
end

local function emit(now, what, user, key, source, request)
  if #touched == 0 then return end
  local number = redis.call('HINCRBY', ROOT, 'events', 1)
  local revisions, refs = {}, {}
  for i, name in ipairs(scopes) do
    revisions[i] = name .. ' ' .. string.format('%.0f', redis.call('HINCRBY', REVISIONS, name, 1))
  end
  for i, t in ipairs(touched) do
    refs[i] = t.kind .. ' ' .. t.id .. ' ' .. string.format('%.0f', t.rev) .. ' ' .. (t.gone and '1' or '0')
  end
  local id = redis.call('XADD', EVENTS, '*', 'number', number, 'at', now, 'what', what, 'user', user, 'key', key,
    'source', source, 'request', request, 'refs', table.concat(refs, ' '), 'revisions', table.concat(revisions, ' '))
  for _, t in ipairs(touched) do
    local history = historyKey(t.kind, t.id)
    if redis.call('LPUSH', history, id) > HISTORY_LENGTH then redis.call('LTRIM', history, 0, HISTORY_LENGTH - 1) end
    if t.gone then
      redis.call('EXPIRE', history, HISTORY_AFTER_END_SECONDS)
    elseif t.rev == 1 then
      redis.call('PERSIST', history)
    end
  end
end

-- Events of the gateway's own doing.
local function emitOwn(now, what) emit(now, what, 'occi-gateway', '', '', '') end
