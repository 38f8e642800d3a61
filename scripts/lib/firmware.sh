# shellcheck shell=bash
# What the scripts read from an OVMF image.

# Prints ADDRESS,SIZE of the memory that the firmware FILE keeps for an injected secret table.
#
# The image ends with a table of entries that is read backwards: 32 octets before the end stands the
# table's own entry, and each entry is data, u16 length of all, GUID (edk2, OvmfPkg/ResetVector).
secret_area() {
  local table=de82b596b21ff745baeaa366c55a082d entry=61b32e4c9b7dc34c8081127c90d3d294
  local size=8192 octets at length start
  octets=$(tail -c $size "$1" | od -An -v -tx1 | tr -d ' \n')
  field() { printf '%s' "${octets:$(($1 * 2)):$(($2 * 2))}"; }
  number() { # little-endian
    local digits value=0 i
    digits=$(field "$1" "$2")
    for ((i = $2 - 1; i >= 0; i--)); do value=$((value * 256 + 16#${digits:i * 2:2})); done
    echo $value
  }
  at=$((size - 32))
  if [ ${#octets} -eq $((size * 2)) ] && [ "$(field $((at - 16)) 16)" = $table ]; then
    start=$((at - $(number $((at - 18)) 2)))
    at=$((at - 18))
    while [ $start -ge 0 ] && [ $((at - start)) -ge 18 ]; do
      length=$(number $((at - 18)) 2)
      if [ "$length" -lt 18 ] || [ "$length" -gt $((at - start)) ]; then break; fi
      if [ "$(field $((at - 16)) 16)" = $entry ] && [ "$length" -eq 26 ]; then
        printf '0x%x,%d\n' "$(number $((at - length)) 4)" "$(number $((at - length + 4)) 4)"
        return
      fi
      at=$((at - length))
    done
  fi
  fail "the firmware $1 keeps no memory for a secret" 'its footer names no secret area' \
    'use an AmdSev build of OVMF'
}
