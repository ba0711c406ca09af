-- ARGV is read from left to right; a list is its length, then its items.
local position = 0
local function take()
  position = position + 1
  return ARGV[position]
end
local function takeNumber() return tonumber(take()) end
local function takeFlag() return take() == '1' end
-- Reads a list whose items have the named fields.
local function takeList(names)
  local list = {}
  for i = 1, takeNumber() do
    local item = {}
    for _, name in ipairs(names) do item[name] = take() end
    list[i] = item
  end
  return list
end
