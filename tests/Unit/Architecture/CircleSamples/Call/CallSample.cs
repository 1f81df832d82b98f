using AkkaScale.Tests.Unit.Architecture.CircleSamples.Field;

namespace AkkaScale.Tests.Unit.Architecture.CircleSamples.Call;

/// <summary>Uses the next folder only by a call, in a lambda. Never run.</summary>
internal static class CallSample
{
    public static Func<object> Next() => () => FieldSample.Make();
}
