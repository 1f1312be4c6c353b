-- ISO 8583 behind a TPDU and a header, as acquirers in China have it, for Wireshark and tshark: see
-- captures.md beside this directory. Wireshark's own dissector is given the message without the two, under a
-- length that fits; it must be the one for TCP port 8583 (Decode As).

local cup = Proto("cup8583", "ISO 8583 behind TPDU and header")
local tpdu = ProtoField.bytes("cup8583.tpdu", "TPDU")
local header = ProtoField.bytes("cup8583.header", "Header")
cup.fields = { tpdu, header }

local ISO_8583 = 8583
local PREFIX, TPDU, HEADER = 2, 5, 6

local function message(tvb, pinfo, tree)
  local branch = tree:add(cup, tvb())
  branch:add(tpdu, tvb(PREFIX, TPDU))
  branch:add(header, tvb(PREFIX + TPDU, HEADER))
  local start = PREFIX + TPDU + HEADER
  local length = tvb:len() - start
  local bytes = ByteArray.new(string.format("%04x", length)) .. tvb(start):bytes()
  DissectorTable.get("tcp.port"):try(ISO_8583, bytes:tvb("ISO 8583"), pinfo, tree)
  return tvb:len()
end

function cup.dissector(tvb, pinfo, tree)
  local function length(part, _, offset)
    return PREFIX + part(offset, PREFIX):uint()
  end
  dissect_tcp_pdus(tvb, tree, PREFIX, length, message)
  return tvb:len()
end

local ports = DissectorTable.get("tcp.port")
for port = 41001, 41004 do
  ports:add(port, cup)
end
