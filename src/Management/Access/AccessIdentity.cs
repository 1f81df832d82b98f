using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Access;

/// <summary>Who a request is from, once it has been let in.</summary>
internal sealed record AccessIdentity(string Who, AccessRole Role)
{
    public static AccessIdentity Of(HttpContext context) =>
        context.Features.Get<AccessIdentity>() ?? throw new InvalidOperationException("This request did not come through the management port.");
}
