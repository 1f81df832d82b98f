using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;

namespace AkkaScale.Domain.Tasks;

/// <summary>How pressing a task is. On the wire "low", "normal", "high", "urgent".</summary>
[JsonConverter(typeof(WireEnumConverter<Priority>))]
public enum Priority : byte
{
    Low = 0,
    Normal = 1,
    High = 2,
    Urgent = 3,
}
