namespace AkkaScale.Management.Doctor;

/// <summary>How long the store took to answer small reads of the node that was asked, just now.</summary>
internal readonly record struct StoreLatency(TimeSpan Median, TimeSpan Longest);
