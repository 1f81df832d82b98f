using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Logs;

/// <summary>A level that holds for a time.</summary>
/// <param name="Source">Beginning of the classes' names, such as AkkaScale.Sharding.</param>
internal sealed record LevelOverride(string Source, LogLevel Level, DateTimeOffset Until);
