# A launch template, and an instance that is launched by its default version. No user data: the provider (5.100.0) hashes the hash of an
# instance's user data once more where its template has some, and no plan of it is ever empty.
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

resource "aws_launch_template" "web" {
  name                   = "web"
  image_id               = data.aws_ami.base.id
  instance_type          = "t2.nano"
  update_default_version = true
  tag_specifications {
    resource_type = "instance"
    tags          = { "occi-gateway:replaceable" = "true" }
  }
  tag_specifications {
    resource_type = "network-interface"
    tags          = { of = "web" }
  }
  credit_specification { cpu_credits = "standard" }
  tags = { role = var.role }
}

resource "aws_instance" "web" {
  launch_template {
    id      = aws_launch_template.web.id
    version = "$Default"
  }
  tags = { Name = "web" }
  # Tags of its template are not in this configuration.
  lifecycle {
    ignore_changes = [tags]
  }
}
