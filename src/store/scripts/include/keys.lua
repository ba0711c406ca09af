-- Names of the site's keys; keys.ts says the same. KEYS[1] is `{<site>}:site`, all others share its hash tag.
local ROOT = KEYS[1]
local PREFIX = string.sub(ROOT, 1, -5)
local AGENDA = PREFIX .. 'agenda'
local WAITING = PREFIX .. 'waiting'
local REVISIONS = PREFIX .. 'revisions'
local EVENTS = PREFIX .. 'events'
local CLAIM_REVISIONS = PREFIX .. 'claim-revisions'

local function recordKey(kind, id) return PREFIX .. 'record:' .. kind .. ':' .. id end
local function idsKey(kind) return PREFIX .. 'ids:' .. kind end
local function historyKey(kind, id) return PREFIX .. 'history:' .. kind .. ':' .. id end
local function takenKey(hash) return PREFIX .. 'taken:' .. hash end
local function countersKey(project) return PREFIX .. 'counters:' .. project end
local function claimsKey(host) return PREFIX .. 'claims:' .. host end
local function groupField(group) return 'group:' .. group end
local function usesKey(what) return PREFIX .. 'uses:' .. what end
local function usageKey(host) return PREFIX .. 'usage:' .. host end
local function pointsKey(window, subject) return PREFIX .. 'points:' .. window .. ':' .. subject end
local function usedKey(month) return PREFIX .. 'used:' .. month end
local function flowsKey(month) return PREFIX .. 'flows:' .. month end
local function settledKey(month) return PREFIX .. 'settled:' .. month end
