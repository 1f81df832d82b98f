using System.Runtime.CompilerServices;

namespace AkkaScale.Hosting.Management;

/// <summary>
/// What the contract of this port says is always there. For an engine that does not know it, the answer's member has to become nullable, in the contract too:
/// until then a fault is better than a 0 that nobody can tell from a true one.
/// </summary>
internal static class Promised
{
    public static T Known<T>(this T? value, [CallerArgumentExpression(nameof(value))] string what = "")
        where T : struct => value ?? throw Unknown(what);

    public static T Known<T>(this T? value, [CallerArgumentExpression(nameof(value))] string what = "")
        where T : class => value ?? throw Unknown(what);

    private static InvalidOperationException Unknown(string what) => new($"The management API promises {what}, which the engine does not know.");
}
