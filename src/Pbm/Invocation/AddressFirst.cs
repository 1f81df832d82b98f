using System.Text.RegularExpressions;

namespace AkkaScale.Pbm.Invocation;

/// <summary>`pbm 10.0.0.7:8558 cluster show`, as operators of Akka.NET type it: a first word that is host:port names the node.</summary>
internal static partial class AddressFirst
{
    public static IReadOnlyList<string> ToOption(IReadOnlyList<string> arguments) =>
        arguments.Count > 0 && HostAndPort().IsMatch(arguments[0]) ? ["--node", .. arguments] : arguments;

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9.\-]*|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$")]
    private static partial Regex HostAndPort();
}
