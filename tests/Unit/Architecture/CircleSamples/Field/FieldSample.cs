using AkkaScale.Tests.Unit.Architecture.CircleSamples.Type;

namespace AkkaScale.Tests.Unit.Architecture.CircleSamples.Field;

/// <summary>Uses the next folder only by a field, in an iterator. Never run.</summary>
internal static class FieldSample
{
    public static object Make() => Values();

    private static IEnumerable<int> Values()
    {
        yield return TypeSample.Nested.Value;
    }
}
