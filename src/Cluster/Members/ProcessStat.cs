using System.Globalization;

namespace AkkaScale.Cluster.Members;

/// <summary>What the kernel says of a process of this host.</summary>
/// <param name="Start">Clock ticks since boot: a process id alone may have been given to another.</param>
/// <param name="State">The kernel's letter: T or t stopped, Z and X ended.</param>
internal readonly record struct ProcessStat(long Start, char State)
{
    /// <summary>Null when there is no such process, or no /proc.</summary>
    public static ProcessStat? Read(int processId)
    {
        try
        {
            // The second field is the program's name in brackets and may hold anything; the start is the 22nd field.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0][0]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
