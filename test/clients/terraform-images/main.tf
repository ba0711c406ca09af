# An instance type that is looked up, a volume that becomes gp3, a snapshot of it and an image of that, and an image of an instance.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "image" { type = string }
variable "role" { type = string }
# Of the other configuration, which shares the environment.
variable "public_key" { type = string }

provider "aws" {
  region = "us-east-1"
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
    iam = var.endpoint
  }
}

data "aws_ami" "base" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = [var.image]
  }
}

data "aws_ec2_instance_type" "small" {
  instance_type = "t2.nano"
}

resource "aws_instance" "web" {
  ami           = data.aws_ami.base.id
  instance_type = data.aws_ec2_instance_type.small.instance_type
}

resource "aws_ebs_volume" "data" {
  availability_zone = aws_instance.web.availability_zone
  size              = 1
  type              = var.role == "db" ? "gp3" : "gp2"
}

resource "aws_ebs_volume" "fast" {
  availability_zone = aws_instance.web.availability_zone
  size              = 1
  type              = "gp3"
  iops              = 3000
  throughput        = 125
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.web.id
}

resource "aws_ebs_snapshot" "data" {
  volume_id  = aws_ebs_volume.data.id
  depends_on = [aws_volume_attachment.data]
}

resource "aws_ami" "registered" {
  name                = "registered"
  virtualization_type = "hvm"
  root_device_name    = "/dev/sda1"
  ena_support         = true
  imds_support        = "v2.0"
  ebs_block_device {
    device_name = "/dev/sda1"
    snapshot_id = aws_ebs_snapshot.data.id
    volume_type = "gp3"
    iops        = 3000
  }
}

resource "aws_ami_from_instance" "made" {
  name               = "made"
  source_instance_id = aws_instance.web.id
}
