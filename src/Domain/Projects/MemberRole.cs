using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;

namespace AkkaScale.Domain.Projects;

/// <summary>What a member may do, once roles are enforced. On the wire "viewer", "editor", "owner".</summary>
[JsonConverter(typeof(WireEnumConverter<MemberRole>))]
public enum MemberRole : byte
{
    Viewer = 0,
    Editor = 1,
    Owner = 2,
}
