using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;

namespace AkkaScale.Domain.Tasks;

/// <summary>How far a task has come. On the wire "open", "inProgress", "done".</summary>
[JsonConverter(typeof(WireEnumConverter<WorkStatus>))]
public enum WorkStatus : byte
{
    Open = 0,
    InProgress = 1,
    Done = 2,
}
