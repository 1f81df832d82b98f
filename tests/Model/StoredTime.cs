namespace AkkaScale.Tests.Model;

/// <summary>Stores keep microseconds.</summary>
internal static class StoredTime
{
    public static bool IsWhole(DateTimeOffset at) => at.Ticks % TimeSpan.TicksPerMicrosecond == 0;

    public static DateTimeOffset Of(DateTimeOffset at) => IsWhole(at) ? at : at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
