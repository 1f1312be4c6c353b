-- @name@: the messages of a capture, for Wireshark and tshark. Written by counterproof from the dialect of the run;
-- `tshark -r run.pcapng -X lua_script:run.lua -V`, or File > Open with the script among Wireshark's plugins.

local message = Proto("acquirer", "ISO 8583, @name@")
local unreadable = ProtoExpert.new("acquirer.unreadable", "cannot be read", expert.group.MALFORMED, expert.severity.ERROR)
message.experts = { unreadable }

-- Number, name, kind (p packed digits, t text, b bytes), bytes of the length before it, size, digits at the right end.
local FIELDS = {
@fields@}
-- Those that look otherwise in some message types.
local SPECIAL = {
@special@}

local known, all = {}, {}
local function field(name, make, title)
  known[name] = make("acquirer." .. name, title)
  table.insert(all, known[name])
end
field("tpdu", ProtoField.bytes, "TPDU")
field("header", ProtoField.bytes, "Header")
field("mti", ProtoField.string, "Message type")
field("bitmap", ProtoField.bytes, "Bitmap")
for number, format in pairs(FIELDS) do
  field("de" .. number, ProtoField.string, "DE" .. number .. " " .. format[1])
end
message.fields = all

local PREFIX, TPDU, HEADER, MTI, BITMAP = 2, 5, 6, 2, 8
local GBK = ENC_GB18030 or ENC_ASCII

-- Packed digits without the nibble that fills an odd number of them.
local function digits(range, count, at_the_right)
  local text = range:bytes():tohex()
  if #text == count then return text end
  if at_the_right then return text:sub(2) end
  return text:sub(1, count)
end

local function value(range, format, count)
  if format[2] == "p" then return digits(range, count, format[5]) end
  if format[2] == "t" then return range:string(GBK) end
  return range:bytes():tohex()
end

-- One field at `at`; the result is where the next begins, or nil where it cannot be read.
local function read(tvb, at, number, format, branch)
  local count = format[4]
  local start = at + format[3]
  if format[3] > 0 then
    if start > tvb:len() then return nil end
    count = tonumber(tvb(at, format[3]):bytes():tohex())
    if not count or count > format[4] then return nil end
  end
  local bytes = format[2] == "p" and math.floor((count + 1) / 2) or count
  if start + bytes > tvb:len() then return nil end
  local text = bytes > 0 and value(tvb(start, bytes), format, count) or ""
  branch:add(known["de" .. number], tvb(at, start - at + bytes), text)
  return start + bytes
end

local function dissect(tvb, pinfo, tree)
  pinfo.cols.protocol = "ISO 8583"
  local branch = tree:add(message, tvb())
  local at = PREFIX
  local first = PREFIX + TPDU + HEADER + MTI + BITMAP
  if tvb:len() < first then
    branch:add_proto_expert_info(unreadable, "shorter than a message")
    return tvb:len()
  end
  branch:add(known.tpdu, tvb(at, TPDU))
  branch:add(known.header, tvb(at + TPDU, HEADER))
  local mti = tvb(at + TPDU + HEADER, MTI):bytes():tohex()
  branch:add(known.mti, tvb(at + TPDU + HEADER, MTI), mti)
  local bitmap = tvb(first - BITMAP, BITMAP)
  branch:add(known.bitmap, bitmap)
  pinfo.cols.info:append(" " .. mti)
  local special = SPECIAL[mti] or {}
  at = first
  for number = 1, 64 do
    if bitmap:bitfield(number - 1, 1) == 1 then
      local format = special[number] or FIELDS[number]
      local next = format and read(tvb, at, number, format, branch)
      if not next then
        branch:add_proto_expert_info(unreadable, "DE" .. number .. " cannot be read")
        return tvb:len()
      end
      at = next
    end
  end
  if at < tvb:len() then
    branch:add_proto_expert_info(unreadable, (tvb:len() - at) .. " bytes behind the last field")
  end
  return tvb:len()
end

function message.dissector(tvb, pinfo, tree)
  local function length(part, _, offset)
    return PREFIX + part(offset, PREFIX):uint()
  end
  dissect_tcp_pdus(tvb, tree, PREFIX, length, dissect)
  return tvb:len()
end

local ports = DissectorTable.get("tcp.port")
for port = @first@, @last@ do
  ports:add(port, message)
end
