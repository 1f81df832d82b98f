using AkkaScale.Tests.Unit.Architecture.CircleSamples.Apart;
using AkkaScale.Tests.Unit.Architecture.CircleSamples.Call;

namespace AkkaScale.Tests.Unit.Architecture.CircleSamples.Type;

/// <summary>Closes the circle by a type alone, and uses a folder that is no part of it. Never run.</summary>
internal static class TypeSample
{
    public static string Name() => typeof(CallSample).Name + new ApartSample();

    internal static class Nested
    {
        public static int Value = Environment.ProcessId;
    }
}
