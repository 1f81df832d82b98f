using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AkkaScale.Node.Host;

/// <summary>
/// One line an entry: UTC time, level, source, message; an exception follows on lines of its own. Control characters, which may come from names and ids of callers,
/// are escaped, so that no entry can pretend to be two or steer a terminal.
/// </summary>
internal sealed class OperatorLog(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "operator";

    private const string OwnPrefix = "AkkaScale.";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        writer.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.Write(' ');
        writer.Write(NameOf(entry.LogLevel));
        writer.Write(' ');
        writer.Write(entry.Category.StartsWith(OwnPrefix, StringComparison.Ordinal) ? entry.Category[OwnPrefix.Length..] : entry.Category);
        writer.Write(": ");
        writer.WriteLine(Escape(message));
        if (entry.Exception is { } exception)
        {
            foreach (var line in exception.ToString().Split('\n'))
            {
                writer.Write("    ");
                writer.WriteLine(Escape(line.TrimEnd('\r')));
            }
        }
    }

    internal static string Escape(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsUnsafe(character))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    // Besides control characters: the line and paragraph separators, and those that turn the direction of text.
    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "     ",
    };
}
