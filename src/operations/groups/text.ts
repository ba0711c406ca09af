/**
 * Names and descriptions of security groups and of their rules: 1 to 255 of these characters (EC2 API, CreateSecurityGroup, for a
 * group in a VPC; IpRange).
 */
export const GROUP_TEXT = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/
