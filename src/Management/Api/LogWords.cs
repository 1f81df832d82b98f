using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Api;

/// <summary>Levels as the API writes them, and what may be set for how long.</summary>
internal static class LogWords
{
    public const double MaxSeconds = 86_400;

    public static IReadOnlyList<string> Levels { get; } = ["trace", "debug", "information", "warning", "error", "critical"];

    public static string Of(LogLevel level) => level.ToString().ToLowerInvariant();

    /// <summary>Null: there is no such level.</summary>
    public static LogLevel? Read(string? text) => text is not null && Levels.Contains(text, StringComparer.Ordinal) ? Enum.Parse<LogLevel>(text, ignoreCase: true) : null;

    /// <summary>
    /// Of ours and of Akka: what others would write at these levels, such as a database driver its parameters, is kept out of logs on purpose.
    /// </summary>
    public static bool MaySet(string source) => source is { Length: <= 200 } && source.Split('.') is [("AkkaScale" or "Akka"), ..] names
        && names.All(name => name.Length > 0 && name.All(char.IsLetterOrDigit));
}
