using System.Globalization;

namespace AkkaScale.Tests.MultiNode;

/// <summary>How long and how much: little for the gate, more where the environment says so.</summary>
internal static class Setting
{
    public static int Of(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : standard;
}
