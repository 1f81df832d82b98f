namespace AkkaScale.Journal.Verification;

/// <param name="LongestEntity">The highest number of an event of this kind.</param>
public sealed record KindStatistics(string Kind, long Events, long Entities, long Bytes, long LongestEntity);
