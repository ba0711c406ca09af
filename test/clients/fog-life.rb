# Servers, keys, groups, volumes and snapshots with fog-aws as Debian ships it. Prints what it saw as one JSON object.
#
# Usage: fog-life.rb <image name>; endpoint, region and keys come from the environment.
require 'fog/aws'
require 'json'

Fog.timeout = 40
Fog.interval = ->(_) { 0.3 }

compute = Fog::Compute.new(
  provider: 'AWS',
  aws_access_key_id: ENV.fetch('AWS_ACCESS_KEY_ID'),
  aws_secret_access_key: ENV.fetch('AWS_SECRET_ACCESS_KEY'),
  region: ENV.fetch('AWS_DEFAULT_REGION'),
  endpoint: ENV.fetch('AWS_ENDPOINT_URL_EC2')
)

image = compute.images.all('name' => ARGV.fetch(0)).first
key = compute.key_pairs.create(name: 'fog')
group = compute.security_groups.create(name: 'fog', description: 'of fog')
group.authorize_port_range(22..22, cidr_ip: '10.0.0.0/8')
server = compute.servers.create(
  image_id: image.id, flavor_id: 't2.nano', key_name: key.name, groups: ['fog'], tags: { 'Name' => 'from fog' }
)
server.wait_for { ready? }
volume = compute.volumes.create(size: 1, availability_zone: server.availability_zone, tags: { 'Name' => 'data' })
volume.wait_for { ready? }
volume.attach(server, '/dev/sdf')
volume.wait_for { state == 'in-use' }
snapshot = compute.snapshots.create(volume_id: volume.id, description: 'of fog')
snapshot.wait_for { ready? }
address = compute.addresses.create(domain: 'vpc')
address.server = server
server.reload
saw = {
  address: server.public_ip_address == address.public_ip && address.reload.server_id == server.id,
  zones: compute.describe_availability_zones.body['availabilityZoneInfo'].map { |zone| zone['zoneName'] },
  material: key.private_key.lines.first.strip,
  state: server.state,
  tags: server.tags,
  groups: server.groups,
  devices: server.block_device_mapping.map { |it| it['deviceName'] }.sort,
  snapshot: snapshot.reload.progress,
  rules: group.reload.ip_permissions.map { |it| [it['ipProtocol'], it['fromPort'], it['ipRanges'].map { |one| one['cidrIp'] }] }
}
server.stop
server.wait_for { state == 'stopped' }
server.start
server.wait_for { ready? }
server.reboot
address.server = nil
volume.detach
volume.wait_for { ready? }
saw[:destroyed] = [address.destroy, volume.destroy, snapshot.destroy, server.destroy]
server.wait_for { state == 'terminated' }
saw[:end] = server.state
saw[:deleted] = [group.destroy, key.destroy]
puts JSON.generate(saw)
